export { gateRoutes } from './gate-routes.ts'
export { submissionRoutes } from './routes.ts'
export { currentSubmissions, type SubmittedRow, submissionsBetween } from './store.ts'
