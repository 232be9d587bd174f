export { submissionRoutes } from './routes.ts'
export { currentSubmissions, type SubmittedRow } from './store.ts'
