import { followRefusals } from '../shared/api/session.ts'
import { startFace } from '../shared/start-face.tsx'
import { queryClient } from './queries.ts'
import { router } from './router.tsx'

followRefusals(queryClient, (next) => void router.navigate({ to: '/log-in', search: { next } }))
startFace(queryClient, router)
