export { bind, type Entrance } from './binding.ts'
export { Brake, callerOf } from './brake.ts'
export { keyFrom } from './derived-key.ts'
