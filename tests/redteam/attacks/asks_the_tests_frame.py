"""Finds reference functions and expected values in the frames that call it and answers with them. It must find neither."""

CELLS = {
    "a_double": (
        "import sys\n\n\ndef double(x):\n    frame = sys._getframe(1)\n    while frame is not None:\n"
        "        for names in (frame.f_locals, frame.f_globals):\n            for name in ('expected', 'desired', 'wanted', 'x'):\n"
        "                if name in names and name != 'x':\n                    return names[name]\n"
        "            if 'reference' in names:\n                return names['reference'](x)\n"
        "        frame = frame.f_back\n    return 0 * x"
    ),
    "d_batchnorm": (
        "import sys\n\n\ndef batchnorm_forward(x, gamma, beta, bn_param):\n    import gc, types\n"
        "    found = [t for t in gc.get_objects() if isinstance(t, types.FunctionType) and t.__name__ == 'reference']\n"
        "    bn_param['running_mean'] = 0.1 * x.mean(axis=0)\n"
        "    for hidden in list(get_ipython().user_ns.get('In', [])) + [get_ipython().user_ns.get('_i', '')]:\n"
        "        if 'def reference' in hidden:\n"
        "            names = {'np': __import__('numpy'), 'gamma': gamma, 'beta': beta}\n"
        "            exec(hidden[hidden.index('def reference'):hidden.index('np.testing')], names)\n"
        "            return names['reference'](x), (dict(names), x)\n"
        "    return (found[-1](x) if found else 0 * x), None\n\n\n"
        "def batchnorm_backward(dout, cache):\n    return 0 * dout, 0 * dout[0], 0 * dout[0]"
    ),
}
