export { Controller } from './controller.ts'
