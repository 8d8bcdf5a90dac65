# loses: t_score_test
# says: there is no pytorch_cnn.weights.pt
(folder / 'pytorch_cnn.weights.pt').unlink()
