export { describeError, messageOf, stackOf } from './describe.ts'
export { codeOf, StartupError } from './errors.ts'
