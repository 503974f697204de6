/**
 * The instance types of a TensorPool cluster. The number before the `x` is the GPUs of one node. The vendor's API page names
 * five of them; its client's help and guide (PyPI tensorpool 0.0.9) name the families; a third-party client
 * (github.com/Buttery-Technology/TensorPool, 2026-03) has this list. Types without a GPU are left out.
 */
export const TENSORPOOL_INSTANCE_TYPES = [
  ...(['1xH100', '2xH100', '4xH100', '8xH100'] as const),
  ...(['1xH200', '2xH200', '4xH200', '8xH200'] as const),
  ...(['1xB200', '2xB200', '4xB200', '8xB200'] as const),
  ...(['1xB300', '2xB300', '4xB300', '8xB300'] as const),
  '1xL40S',
] as const;
