export { bind, type Entrance } from './binding.ts'
