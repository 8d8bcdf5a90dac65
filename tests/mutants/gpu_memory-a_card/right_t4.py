# loses: 
card = 'T4'
