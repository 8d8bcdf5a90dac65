# loses:
pass
