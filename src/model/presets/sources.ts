// The publications that presets are taken from.

export const REDDI = 'N. Reddi, Resource Consumption between Convolutional, Artificial and Spiking Neural networks';
export const CASSETTA =
  'N. Cassetta, A. Di Trani, C. Cavalagli, On the Spiking neural networks: Comparison of performances and power consumption ' +
  'between ANNs and SNNs, 2023';
export const NIEDERLECHNER =
  'D. Niederlechner, Efficiency of Spiking Neural Networks, TU Vienna 2019; layers from github.com/da-ni/efficiency-of-snn';
export const ADVANCEMENTS =
  'Advancements in Image Classification: Comparing Spiking, Convolutional, and Artificial Neural Networks';
export const VGG =
  'K. Simonyan, A. Zisserman, Very Deep Convolutional Networks for Large-Scale Image Recognition, 2015, arXiv 1409.1556';
export const RESNET =
  'K. He, X. Zhang, S. Ren, J. Sun, Deep Residual Learning for Image Recognition, 2016, arXiv 1512.03385';
export const SEW_RESNET =
  'W. Fang, Z. Yu, Y. Chen, T. Huang, T. Masquelier, Y. Tian, Deep Residual Learning in Spiking Neural Networks, 2021, arXiv 2102.04159';
export const MOBILENET =
  'M. Sandler, A. Howard, M. Zhu, A. Zhmoginov, L.-C. Chen, MobileNetV2: Inverted Residuals and Linear Bottlenecks, 2018, arXiv 1801.04381';
