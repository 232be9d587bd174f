import { createRouter } from '@tanstack/react-router'
import { inside, root, screens } from './routes.ts'

const routeTree = root.addChildren([inside.addChildren(screens)])

export const router = createRouter({
  routeTree,
  basepath: '/planner',
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
