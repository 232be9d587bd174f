export { CsvFile, type CsvFlaw, CsvFlaws, type CsvRow, type CsvTable, readCsv } from './read.ts'
export { RowReader } from './row-reader.ts'
export { writeCsv } from './write.ts'
