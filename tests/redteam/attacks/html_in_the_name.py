"""Is called by a script. The name is text wherever it is shown."""

STUDENT = "<script>alert(1)<|script><img src=x onerror=alert(1)>"
