# loses: 
card = ' 24 GB card '
