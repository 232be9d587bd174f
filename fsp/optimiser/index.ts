export { Controller, type Decision } from './controller.ts'
