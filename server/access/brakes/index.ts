export {
  type Attempt,
  type Brake,
  type Braked,
  forgetOldBrakes,
  giveBack,
  release,
  type Turn,
  takeTurn,
  takeTurns,
} from './brakes.ts'
