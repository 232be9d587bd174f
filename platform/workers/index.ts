export { hundredths, longAnswerOf, type Said } from './long.ts'
export { answerOf } from './workers.ts'
