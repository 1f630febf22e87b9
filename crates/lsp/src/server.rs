//! The loop: reads messages, answers requests, publishes diagnostics after every change.

use std::path::PathBuf;
use std::sync::Arc;

use ls_types::notification::{
    DidChangeTextDocument, DidChangeWatchedFiles, DidCloseTextDocument, DidOpenTextDocument,
    Notification as _, PublishDiagnostics,
};
use ls_types::request::{
    Completion, DocumentSymbolRequest, Formatting, GotoDefinition, HoverRequest,
    PrepareRenameRequest, References, Rename, Request as _, WorkspaceSymbolRequest,
};
use ls_types::{
    CompletionOptions, DocumentFormattingParams, HoverProviderCapability, InitializeParams, OneOf,
    Position, Range, RenameOptions, ServerCapabilities, TextDocumentPositionParams,
    TextDocumentSyncCapability, TextDocumentSyncKind, TextEdit,
};
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, Response};
use playbook::{Facts, Vocabulary};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::format::{self, Formatted};
use crate::session::Session;
use crate::{complete, hover, navigate, rename};

/// Tells the day for which the playbook is checked.
pub type Clock = fn() -> Facts;

/// Why the language server ended before the editor asked it to.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The editor broke the protocol or went away.
    #[error("the editor's connection broke")]
    Protocol(#[from] lsp_server::ProtocolError),
    /// The editor's first message could not be read.
    #[error("the editor's `initialize` message could not be read")]
    Initialize(#[from] serde_json::Error),
    /// Standard input or output failed.
    #[error("standard input or output failed")]
    Io(#[from] std::io::Error),
}

/// Serves one editor over standard input and output until it says `exit`.
///
/// # Errors
/// When the connection breaks before that.
pub fn serve(vocabulary: Vocabulary, clock: Clock) -> Result<(), ServeError> {
    let (connection, threads) = Connection::stdio();
    serve_on(&connection, vocabulary, clock)?;
    drop(connection);
    Ok(threads.join()?)
}

/// Serves one editor over a given connection, for tests and other transports.
///
/// # Errors
/// As [`serve`].
pub fn serve_on(
    connection: &Connection,
    vocabulary: Vocabulary,
    clock: Clock,
) -> Result<(), ServeError> {
    let offer = serde_json::to_value(capabilities())?;
    let params: InitializeParams = serde_json::from_value(connection.initialize(offer)?)?;
    let mut session = Session::open(&directory(&params), Arc::new(vocabulary));
    publish(connection, &mut session, clock);
    for message in &connection.receiver {
        match message {
            Message::Request(request) => {
                if connection.handle_shutdown(&request)? {
                    break;
                }
                send(connection, Message::Response(answer(&session, request)));
            }
            Message::Notification(notification) => {
                if note(&mut session, notification) {
                    publish(connection, &mut session, clock);
                }
            }
            Message::Response(_) => {}
        }
    }
    Ok(())
}

fn capabilities() -> ServerCapabilities {
    ServerCapabilities {
        text_document_sync: Some(TextDocumentSyncCapability::Kind(TextDocumentSyncKind::FULL)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(["/", " ", ":"].map(str::to_owned).to_vec()),
            ..CompletionOptions::default()
        }),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        definition_provider: Some(OneOf::Left(true)),
        references_provider: Some(OneOf::Left(true)),
        rename_provider: Some(OneOf::Right(RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: ls_types::WorkDoneProgressOptions::default(),
        })),
        document_symbol_provider: Some(OneOf::Left(true)),
        workspace_symbol_provider: Some(OneOf::Left(true)),
        document_formatting_provider: Some(OneOf::Left(true)),
        ..ServerCapabilities::default()
    }
}

/// The directory that the editor opened.
#[expect(deprecated, reason = "older editors send `rootUri` and no folders")]
fn directory(params: &InitializeParams) -> PathBuf {
    let folder = params
        .workspace_folders
        .as_ref()
        .and_then(|folders| folders.first())
        .map(|folder| &folder.uri);
    let uri = folder.or(params.root_uri.as_ref());
    uri.and_then(|uri| uri.to_file_path().map(std::borrow::Cow::into_owned))
        .unwrap_or_else(|| PathBuf::from("."))
}

/// Sends; an editor that is gone is noticed by the next read.
fn send(connection: &Connection, message: Message) {
    drop(connection.sender.send(message));
}

fn publish(connection: &Connection, session: &mut Session, clock: Clock) {
    for params in session.publish(&clock()) {
        send(
            connection,
            Message::Notification(Notification::new(PublishDiagnostics::METHOD.to_owned(), params)),
        );
    }
}

/// Takes a change of a text; says whether diagnostics may have changed.
fn note(session: &mut Session, notification: Notification) -> bool {
    let params = notification.params;
    let change = match notification.method.as_str() {
        DidOpenTextDocument::METHOD => read::<ls_types::DidOpenTextDocumentParams>(params)
            .map(|params| (params.text_document.uri, Some(params.text_document.text))),
        DidChangeTextDocument::METHOD => read::<ls_types::DidChangeTextDocumentParams>(params)
            .and_then(|params| {
                Some((
                    params.text_document.uri,
                    Some(params.content_changes.into_iter().next_back()?.text),
                ))
            }),
        DidCloseTextDocument::METHOD => read::<ls_types::DidCloseTextDocumentParams>(params)
            .map(|params| (params.text_document.uri, None)),
        DidChangeWatchedFiles::METHOD => {
            let changes = read::<ls_types::DidChangeWatchedFilesParams>(params)
                .map(|params| params.changes)
                .unwrap_or_default();
            let files: Vec<String> =
                changes.iter().filter_map(|change| session.file(&change.uri)).collect();
            files.iter().for_each(|file| session.update(file, None));
            return !files.is_empty();
        }
        _ => None,
    };
    let Some((uri, text)) = change else { return false };
    let Some(file) = session.file(&uri) else { return false };
    session.update(&file, text);
    true
}

fn answer(session: &Session, request: Request) -> Response {
    let Request { id, method, params } = request;
    match dispatch(session, &method, params) {
        Ok(result) => Response::new_ok(id, result),
        Err((code, why)) => Response::new_err(id, code as i32, why),
    }
}

/// What went wrong, for the editor to show.
type Fault = (ErrorCode, String);

fn dispatch(session: &Session, method: &str, params: Value) -> Result<Value, Fault> {
    match method {
        Completion::METHOD => {
            let params: ls_types::CompletionParams = parsed(params)?;
            located(session, &params.text_document_position, |file, at| {
                to_value(&complete::complete(session, file, at))
            })
        }
        HoverRequest::METHOD => {
            let params: ls_types::HoverParams = parsed(params)?;
            located(session, &params.text_document_position_params, |file, at| {
                to_value(&hover::hover(session, file, at))
            })
        }
        GotoDefinition::METHOD => {
            let params: ls_types::GotoDefinitionParams = parsed(params)?;
            let at = &params.text_document_position_params;
            located(session, at, |file, at| to_value(&navigate::definition(session, file, at)))
        }
        References::METHOD => {
            let params: ls_types::ReferenceParams = parsed(params)?;
            let declaration = params.context.include_declaration;
            located(session, &params.text_document_position, |file, at| {
                to_value(&navigate::references(session, file, at, declaration))
            })
        }
        PrepareRenameRequest::METHOD => {
            let params: TextDocumentPositionParams = parsed(params)?;
            located(session, &params, |file, at| to_value(&rename::prepare(session, file, at)))
        }
        Rename::METHOD => {
            let params: ls_types::RenameParams = parsed(params)?;
            located(session, &params.text_document_position, |file, at| {
                let edit = rename::rename(session, file, at, &params.new_name);
                edit.map_err(|why| (ErrorCode::InvalidParams, why)).and_then(|edit| to_value(&edit))
            })
        }
        DocumentSymbolRequest::METHOD => {
            let params: ls_types::DocumentSymbolParams = parsed(params)?;
            let file = session.file(&params.text_document.uri).unwrap_or_default();
            to_value(&navigate::symbols(session, &file))
        }
        WorkspaceSymbolRequest::METHOD => {
            let params: ls_types::WorkspaceSymbolParams = parsed(params)?;
            to_value(&navigate::search(session, &params.query))
        }
        Formatting::METHOD => formatting(session, &parsed(params)?),
        _ => Err((ErrorCode::MethodNotFound, format!("`{method}` is not offered"))),
    }
}

fn formatting(session: &Session, params: &DocumentFormattingParams) -> Result<Value, Fault> {
    let Some(file) = session.file(&params.text_document.uri) else { return Ok(Value::Null) };
    let text = session.text(&file);
    let formatted = if file.ends_with(".md") { format::markdown(text) } else { format::yaml(text) };
    match formatted {
        Formatted::Text(new) if new == text => Ok(Value::Array(Vec::new())),
        Formatted::Text(new) => {
            let end = crate::position::position(text, text.len());
            to_value(&[TextEdit::new(Range::new(Position::new(0, 0), end), new)])
        }
        Formatted::Refused(why) => Err((ErrorCode::RequestFailed, format!("not formatted: {why}"))),
    }
}

/// Finds the file of a position; files outside of the playbook have no answers.
fn located(
    session: &Session,
    at: &TextDocumentPositionParams,
    answer: impl FnOnce(&str, Position) -> Result<Value, Fault>,
) -> Result<Value, Fault> {
    match session.file(&at.text_document.uri) {
        Some(file) => answer(&file, at.position),
        None => Ok(Value::Null),
    }
}

fn read<T: DeserializeOwned>(params: Value) -> Option<T> {
    serde_json::from_value(params).ok()
}

fn parsed<T: DeserializeOwned>(params: Value) -> Result<T, Fault> {
    serde_json::from_value(params).map_err(|error| (ErrorCode::InvalidParams, error.to_string()))
}

fn to_value<T: Serialize>(result: &T) -> Result<Value, Fault> {
    serde_json::to_value(result).map_err(|error| (ErrorCode::InternalError, error.to_string()))
}
