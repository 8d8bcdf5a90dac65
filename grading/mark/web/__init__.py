"""The pages of reading: a Jupyter Server extension, so that token, XSRF protection, TLS and JupyterHub come with it."""
