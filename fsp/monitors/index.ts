export { SiteMonitors } from './site-monitors.ts'
export { sealedMonitorSecret } from './tables.ts'
