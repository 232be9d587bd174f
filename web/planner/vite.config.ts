import { face } from '../vite/face.ts'

export default { ...face(import.meta.dirname), base: '/planner/' }
