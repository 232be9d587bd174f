export { makeWritableFolder } from './files.ts'
