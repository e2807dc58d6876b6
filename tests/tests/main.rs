//! The vectors, and the whole program. One binary, for each is linked with all of it.

mod client_against_emulator;
mod cloud_against_emulator;
mod cloud_vectors;
mod commands;
mod endpoint_vectors;
mod ingest_webhook_vectors;
mod offline_push_agreement;
mod records;
mod sessions;
mod tc3_vectors;
mod usersig_vectors;
mod vectors;
mod webhook_vectors;
