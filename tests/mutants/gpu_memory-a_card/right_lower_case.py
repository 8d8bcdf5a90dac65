# loses: 
card = 'h100'
