# loses: r_record_test
# says: there is no pytorch_cnn.r_both.weights.pt
(folder / 'pytorch_cnn.r_both.weights.pt').unlink()
