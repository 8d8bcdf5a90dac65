# loses: 
card = list(memory.CARDS)[2]
