export { type Figure, type FigureSource, ProcessMetrics } from './process-metrics.ts'
export { countRequests, type MetricsPages, type MetricsPlace, serveMetrics } from './serve.ts'
