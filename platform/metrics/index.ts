export { type Figure, type FigureSource, ProcessMetrics } from './process-metrics.ts'
export { countRequests, type MetricsPages, serveMetrics } from './serve.ts'
