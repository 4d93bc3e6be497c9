/** Every page of the site but the decisions, in reading order. */
export const pages = [
  {
    text: 'Begin',
    items: [
      { text: 'First five minutes', link: '/first-five-minutes' },
      { text: 'Concepts', link: '/concepts' },
      { text: 'Architecture', link: '/architecture' },
    ],
  },
  {
    text: 'Build',
    items: [
      { text: 'Jobs', link: '/jobs' },
      { text: 'Photos and videos', link: '/media' },
      { text: 'Feeds, messages and trends', link: '/social' },
      { text: 'Notifications', link: '/notifications' },
      { text: 'Testing your jobs', link: '/testing' },
      { text: 'In your own app', link: '/library' },
      { text: 'The command line', link: '/cli' },
      { text: 'API', link: '/api' },
      { text: 'The client', link: '/client' },
      { text: 'As a service', link: '/service' },
      { text: 'Moving from elsewhere', link: '/moving' },
      { text: 'Promises, as tested', link: '/conformance' },
    ],
  },
  {
    text: 'Run',
    items: [
      { text: 'Running it for real', link: '/deploy' },
      { text: 'Running at scale', link: '/scale' },
      { text: 'Operating', link: '/operating' },
      { text: 'Access', link: '/access' },
      { text: 'Metrics, alerts, traces', link: '/observability' },
      { text: 'Runbook', link: '/runbook' },
      { text: 'Faults', link: '/faults' },
      { text: 'Configuration', link: '/configuration' },
      { text: 'Performance', link: '/performance' },
      { text: 'Benchmark', link: '/benchmark' },
    ],
  },
];
