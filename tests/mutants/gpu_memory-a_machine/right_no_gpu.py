# loses: 
seal('a_machine')
