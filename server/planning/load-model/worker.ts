import { parentPort } from 'node:worker_threads'
import { LocalDate } from '@js-joda/core'
import { type Lesson, learn } from './train.ts'

parentPort?.on('message', (lesson: Lesson) => {
  parentPort?.postMessage(learn(lesson, (text) => LocalDate.parse(text)))
})
