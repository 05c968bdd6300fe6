export { type CsvProblem, type CsvRow, readCsv, untamed, writeCsv } from './csv.ts'
