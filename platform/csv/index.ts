export { type CsvFlaw, type CsvRow, type CsvTable, readCsv } from './read.ts'
export { writeCsv } from './write.ts'
