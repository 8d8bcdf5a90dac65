# loses: a_card_test
# says: not one of those in the list
card = 'NVIDIA A100-SXM4-40GB'
