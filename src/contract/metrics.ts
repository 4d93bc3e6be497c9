/** `process` asks nothing of the ledger: for the many workers, while one process tells of the installation. */
export type MetricsOf = 'installation' | 'process';

/** The port of the metrics: counts requests and answers scrapes. */
export interface Metrics {
  /** The text of a scrape and its content type: of the installation and this process, or of this process alone. */
  scrape(of?: MetricsOf): Promise<{ text: string; contentType: string }>;
  /** Notes one finished request; `seconds` from its first byte to the end of the answer. */
  request(labels: { method: string; route: string; status: number }, seconds: number): void;
}
