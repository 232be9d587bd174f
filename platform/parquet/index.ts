export { type ParquetColumn, writeParquet } from './write.ts'
