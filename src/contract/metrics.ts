/** The port of the metrics: counts requests and answers scrapes. */
export interface Metrics {
  /** The text of a scrape and its content type. */
  scrape(): Promise<{ text: string; contentType: string }>;
  /** Notes one finished request; `seconds` from its first byte to the end of the answer. */
  request(labels: { method: string; route: string; status: number }, seconds: number): void;
}
