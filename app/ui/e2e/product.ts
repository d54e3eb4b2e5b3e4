/** Where the running product is, as its ready.json says. */
import { readFileSync } from 'node:fs';

export interface Product {
  api_url: string;
  collector_url: string;
  signin_url: string;
  user_pixel_url: string;
}

export function findProduct(): Product {
  const path = process.env.READY_JSON;
  if (path === undefined) throw new Error('READY_JSON must name the ready.json of a running product');
  const product = JSON.parse(readFileSync(path, 'utf8')) as Product;
  // A link works once; a second run against the same product brings its own.
  return { ...product, signin_url: process.env.SIGNIN_URL ?? product.signin_url };
}
