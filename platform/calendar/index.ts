export { daysBefore, dayTypeOf, isWorkingDay } from './days.ts'
export { liesIn, plainStepsOn, stepsOn } from './profile-steps.ts'
