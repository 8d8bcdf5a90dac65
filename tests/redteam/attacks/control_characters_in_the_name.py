"""Has newlines, an escape sequence and a right-to-left override in its name. Neither a table nor a page is led astray."""

STUDENT = "a\nb\r\x1b[2J\x1b]0;PWNED\x07\u202egpj.exe\u2066"
