export { freePorts } from './ports.ts'
