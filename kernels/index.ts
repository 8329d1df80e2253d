// Entry of the kernel module: the scheduler, and single kernels the self-check and the benches call.

export { run, serve } from './scheduler';
export { gemmPanel } from './gemm';
