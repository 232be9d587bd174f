export { answerOf } from './workers.ts'
