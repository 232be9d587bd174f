export { type InRow, type LinearProgram, ProgramBuilder } from './model.ts'
export { loadHighs, optimal, withProgram } from './solver.ts'
