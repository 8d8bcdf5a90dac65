# loses: 
pass
