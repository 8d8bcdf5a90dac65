"""Sources -> what students get, audited before it appears; executed solutions and web pages."""
