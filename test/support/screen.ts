/** The address of a screen of the portal, such as `alarms`; it looks like a path of the API and is none. */
export const screen = (address: string): string => `/${address}`
