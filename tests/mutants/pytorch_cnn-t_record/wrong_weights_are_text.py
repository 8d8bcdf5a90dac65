# loses: t_score_test
# says: is not a file of weights
(folder / 'pytorch_cnn.weights.pt').write_text('weights')
