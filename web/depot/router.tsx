import { createRouter } from '@tanstack/react-router'
import { inside, logIn, root, screens } from './routes.ts'

const routeTree = root.addChildren([logIn, inside.addChildren(screens)])

export const router = createRouter({
  routeTree,
  basepath: '/portal',
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
