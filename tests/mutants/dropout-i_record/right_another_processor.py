# loses:
value = records['i_cheating']['value']['without']
value['early'] = [loss * (1 + 1e-4) for loss in value['early']]
value['losses'] = [loss * (1 - 1e-4) for loss in value['losses']]
seal('i_cheating')
